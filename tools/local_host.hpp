#pragma once

#include <string_view>

namespace nas {

/// Whether only programs on this machine reach what listens there.
bool is_loopback(std::string_view host);

/// Whether a request's Host header names this server and not a domain of somebody else's that a
/// browser was led to resolve to it (DNS rebinding): an address of IP, localhost, or `served`, the
/// name that the server was told to listen at. A port behind it is passed over.
bool names_this_server(std::string_view header, std::string_view served);

}  // namespace nas
