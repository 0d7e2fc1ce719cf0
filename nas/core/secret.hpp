#pragma once

#include <string>
#include <string_view>

namespace nas {

/// The same text with what stands for a password in an address ("://user:secret@", "password=",
/// also where the option's name is spelt with escapes) replaced by ***.
std::string without_password(std::string_view text);

}  // namespace nas
