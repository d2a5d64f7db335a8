"""What the hub calls itself, and what its entry keeps."""

DOMAIN = "all_energy"
NAME = "Home Energy Bundle"
CONF_VENDORS = "vendors"  # options: the domains that are ticked
CONF_CHOICES = "choices"  # data: what to do with a modified folder, by domain
