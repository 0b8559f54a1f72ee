"""The project's own Pulumi provider for OpenStack: package `xiangyun`."""
