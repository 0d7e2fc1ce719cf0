#include "nas/hardware/latency_table.hpp"

#include "nas/core/json.hpp"
#include "tests/fuzz/targets.hpp"

namespace nas::fuzz {

void latency_table(std::string_view input) {
  const std::string path = file_with(input, "latency.json").string();
  taken([&] {
    const LatencyTable read = read_latency_table(path);
    const std::string text = to_json(read).dump();
    require(to_json(read_latency_table(file_with(text, "written.json").string())).dump() == text,
            "what is written reads as it was");
  });
}

}  // namespace nas::fuzz
