"""The APIs of the Verenigingsregister, under `/v1`."""
