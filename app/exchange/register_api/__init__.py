"""The API of the Verenigingsregister: what its clients send, read and are shown."""
