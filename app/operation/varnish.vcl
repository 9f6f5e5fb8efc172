vcl 4.1;
# Varnish in front of the Verenigingsloket (or between it and a proxy that speaks TLS).
#   varnishd -a 127.0.0.1:8081,HTTP -f /etc/varnish/verenigingsloket.vcl -s malloc,2g
# Full pages of feeds stay for a year, the newest page for five seconds. To take pages away at once, as after an erasure:
#   curl -X PURGE http://127.0.0.1:8081/ldes/verenigingen/12            (this one)
#   curl -X BAN -H 'X-Ban: ^/ldes/verenigingen' http://127.0.0.1:8081/  (all that match)
import std;

backend loket {
    .host = "127.0.0.1";
    .port = "8000";
    .probe = {
        .request =
            "GET /ready HTTP/1.1"
            "Host: localhost"
            "Connection: close";
        .interval = 2s;
        .timeout = 2s;
        .window = 4;
        .threshold = 2;
        .initial = 2;
    }
    .max_connections = 400;
    .first_byte_timeout = 60s;
    .between_bytes_timeout = 60s;
}

acl operators {
    "127.0.0.1";
    "::1";
}

sub vcl_recv {
    if (req.method == "PURGE" || req.method == "BAN") {
        if (client.ip !~ operators) {
            return (synth(403, "Niet toegestaan"));
        }
        if (req.method == "PURGE") {
            return (purge);
        }
        ban("obj.http.x-url ~ " + req.http.X-Ban);
        return (synth(200, "Verwijderd"));
    }
    if (req.url == "/metrics") {
        return (synth(403, "Niet toegestaan"));
    }
    if (req.url ~ "^/wijzigingen/stream") {
        return (pipe);
    }
    # As long as the service answers, nobody gets what is older than this; when it does not, what there is, for an hour.
    if (std.healthy(req.backend_hint)) {
        set req.grace = 5s;
    }
    # Not what the client says of itself: the address that it has.
    set req.http.X-Forwarded-For = client.ip;
    # Only feeds are the same for everybody; of other addresses, who is logged in decides too.
    if (req.url ~ "^/ldes(/|\.|$)" && (req.method == "GET" || req.method == "HEAD")) {
        unset req.http.Cookie;
        unset req.http.Authorization;
        return (hash);
    }
    return (pass);
}

sub vcl_pipe {
    set bereq.http.Connection = "close";
}

sub vcl_backend_response {
    set beresp.http.x-url = bereq.url;
    set beresp.grace = 1h;
    if (beresp.status >= 500) {
        set beresp.uncacheable = true;
        set beresp.ttl = 0s;
    }
    # What is no longer fresh may still be asked after with its ETag.
    set beresp.keep = 1h;
}

sub vcl_deliver {
    unset resp.http.x-url;
    set resp.http.X-Cache-Status = "MISS";
    if (obj.hits > 0) {
        set resp.http.X-Cache-Status = "HIT";
    }
}
