"""The APIs of the Verenigingsregister under `/v1`, public and admin: same paths, parameters, keys and status codes.

| address | what |
|---|---|
| /v1/verenigingen/zoeken | search: `q`, `facets.*`, `sort`, `offset`, `limit` |
| /v1/verenigingen/{vCode} | one association |
| /v1/verenigingen/mutaties?sinds=N | which associations changed, once each |
| /v1/verenigingen/detail/all | all of them, one JSON document a line |
| /v1/hoofdactiviteitenVerenigingsloket, /v1/werkingsgebieden | code lists |
| /v1/contexten/{publiek,beheer}/{name} | the JSON-LD contexts |

The header `VR-Api-Version: v2` shows VZER with subtypes; anything else shows FV, as the register does. `vr-api-key` is
read from the header or the query; it is checked only when the setting `api_keys` holds keys.

Who shows a bearer token (or is logged in) gets the admin API: the detail with what is not public, the search with what
is stopped and, as far as they have a right to it, hidden (`isUitgeschrevenUitPubliekeDatastroom`), and

| method and address, after /v1/verenigingen | what |
|---|---|
| POST /vzer, /feitelijkeverenigingen | register; 409 with the possible doubles and a token to confirm it is none |
| PATCH /{vCode}, /{vCode}/kbo, /{vCode}/subtype | basic data; what may be said beside the KBO; the subtype |
| POST /{vCode}/stop, /in-stopzetting; DELETE /{vCode} | the end |
| POST /{vCode}/{parts}; PATCH, DELETE /{vCode}/{parts}/{id} | contactgegevens, locaties, vertegenwoordigers, ... |
| PATCH /{vCode}/kbo/{contactgegevens,locaties}/{id} | what may be said of a part from the KBO |
| POST, DELETE /{vCode}/bankrekeningnummers/{id}/validaties | this organisation verified the account, or not |
| POST, PATCH, DELETE /{vCode}/erkenningen[/{id}[/schorsingen]] | recognitions and their suspension |
| POST, DELETE /{vCode}/dubbelVan | it is a double of another, or not |
| GET /{vCode}/historiek | what happened, as events |

A write answers 202 with `ETag: W/"n"` and `VR-Sequence`, and 200 when nothing changed; `If-Match` with another version
is 412, so is `?expectedSequence=` that was never given. Removed is 404 here, with the register's own sentence. Beyond
the register: the confirmation token is signed, bound to request and organisation, and counts for a day; a new name or
address asks for it too; `Idempotency-Key` makes a write safe to repeat; personal values come only with
`X-Request-Reason`; `VR-Initiator` and `X-Correlation-Id` need not be sent; the body of a part may stand by itself.

More than the register has, and never in the way of a client that does not ask for it:

* search: `cursor=*` for paging without end (`metadata.pagination.cursor` and `.next`); `facets.{verenigingstype,
  verenigingssubtype,hoofdactiviteitenVerenigingsloket,werkingsgebieden,gemeente,postcode,locatietype,leeftijdsgroep}=a,b`
  and `leeftijd=12` to choose without query syntax; `facetten=gemeente,...` for more counts; `operator=AND` to require
  all words; `typfouten=true` to forgive typing errors in free words;
* mutaties: `limit=` with a Link header to what follows, `tijdstip=true` for when and what;
* ETag, Last-Modified and 304; contexts that load; `@id`s in full; 410 with `dct:isReplacedBy` for what was removed;
* one association or the whole list as `application/json` as well as `application/ld+json`.

Where this answers otherwise than the register:

* removed is 410, not 404 (stopped and not public stay 404); `mutaties` and the dump tell only of public changes, and
  never of an association that was not public;
* `detail/all` answers the lines themselves, not a redirect to a store;
* of `sint-niklaas` all words are required (the register takes one); `/regular expressions/` and more than five stars in
  a word are refused, `^boost` does nothing, a word with a wildcard stands for at most 2,000 words;
* a `q` with a bare OR keeps its meaning beside a facet: choices are never pasted into the query;
* a facet's `query` is percent-encoded; a membership of something outside the register has `andereVereniging: null` and
  its name; the code lists hold the official area codes, while search also finds by the six misjoined ones;
* relations are not kept here: empty.
"""

from __future__ import annotations

from starlette.routing import Route

from app.web.v1 import admin as v1_admin
from app.web.v1 import associations as v1_associations
from app.web.v1 import changes as v1_changes
from app.web.v1 import lists as v1_lists
from app.web.v1 import search as v1_search
from app.web.v1.call import public

ROUTES = (
    Route("/v1/verenigingen/zoeken", public(v1_search.search)),
    Route("/v1/verenigingen/mutaties", public(v1_changes.changes)),
    Route("/v1/verenigingen/detail/all", public(v1_changes.everything)),
    Route("/v1/verenigingen/{code}", public(v1_associations.detail)),
    Route("/v1/hoofdactiviteitenVerenigingsloket", v1_lists.activities),
    Route("/v1/werkingsgebieden", v1_lists.areas),
    Route("/v1/contexten/{group}/{name}", v1_lists.context),
    *v1_admin.ROUTES,
)
