"""Components of a government cloud, as Pulumi's `ComponentResource`s over the project's own provider."""
