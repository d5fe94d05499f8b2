"""The REST API of cases. Doors from `queries`, acts through the verb registry: a new verb or kind appears by itself."""
