"""Configuration text as a tree, the difference of two trees as ordered commands, and the proof of that order."""
