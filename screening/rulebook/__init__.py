"""Rule packs: the models, the loader, the checks. No I/O outside `loader`."""
