"""Pages of the workbench about programs: their keys, and what was sent to them."""
