#include "nas/train/together_config.hpp"

#include "nas/config/section.hpp"

namespace nas {
namespace {

constexpr std::array<std::pair<std::string_view, NormStatistics>, 2> kStatistics{
    {{"batch", NormStatistics::batch}, {"process", NormStatistics::process}}};

}  // namespace

void describe(Section& section, TogetherConfig& config) {
  section.integer("processes", config.processes, {0, 4096, "processes"},
                  "that train one network together, each with its part of every batch; 0: as many "
                  "as torchrun or srun started");
  section.one_of("norm_statistics", config.statistics, kStatistics,
                 "of batch norms where several processes train: batch: of the whole batch, as one "
                 "process has them; process: of its own part, faster");
  section.duration("patience", config.patience, {1, 1e9, ""},
                   "how long processes wait for one that does not answer");
}

}  // namespace nas
