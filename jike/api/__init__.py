"""The ground of the REST API: keys and scopes, problem documents, idempotent writes, cursors, limits, the schema, callbacks
and webhooks. It knows no case; the domains bring their endpoints, their scopes and their event types.
"""
