"""Coming in: people with OpenID Connect as ACM/IDM does it, machines with tokens."""
