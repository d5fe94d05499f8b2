"""Signing a member of staff in without the form: sessions are per space, so Django's `force_login` does not reach them."""

from __future__ import annotations

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.test import Client

from jike.accounts.models import User
from jike.accounts.spaces import STAFF
from jike.web.sessions import SessionStore


def sign_in(client: Client, user: User) -> Client:
    """Give `client` a workbench session of `user`, as the sign-in page would; returns the client."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "jike.accounts.backends.StaffBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    client.cookies[STAFF.session_cookie] = session.session_key
    client.cookies[STAFF.session_cookie]["path"] = STAFF.path
    return client
