"""The linked-data service of the Verenigingsloket; import only to the left:
errors | model | store | register | exchange | web | config | bootstrap | cli."""
