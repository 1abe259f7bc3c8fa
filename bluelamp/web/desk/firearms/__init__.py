"""Pages of the firearms licensing team."""
