"""Running: a pack and a dataset in, a run folder out. What the command line and other programs call."""
