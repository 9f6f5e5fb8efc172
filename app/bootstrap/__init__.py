"""Settings -> Service: the only room that names concrete classes, the clock and chance.

with open_register(settings) as register: ...   # the log and the rules: enough to import beside a running service
with open_service(settings) as service: ...     # with the graph stores and the query workers, following the log
"""

from app.bootstrap.ambient import mint, now, pause, root
from app.bootstrap.keys import new_key_file, read_key_file, vault_key
from app.bootstrap.neighbours import open_neighbours
from app.bootstrap.register import open_register
from app.bootstrap.service import open_service
from app.bootstrap.stores import open_stores, rebuild_stores
from app.bootstrap.telling import make_courier, means_of

__all__ = [
    "make_courier", "means_of", "mint", "new_key_file", "now", "open_neighbours", "open_register", "open_service",
    "open_stores", "pause", "read_key_file", "rebuild_stores", "root", "vault_key",
]  # fmt: skip
