"""The workbench: the queue, the case page with its gates, the approvals inbox. One set of screens for every kind of case."""
