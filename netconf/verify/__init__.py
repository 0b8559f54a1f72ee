"""Is the network as intended? First on a model of it, then live, by what a user could see: device commands, packets between hosts."""
