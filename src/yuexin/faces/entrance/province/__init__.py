"""The province's identity provider, by OpenID Connect: who it says somebody is, it has verified."""
