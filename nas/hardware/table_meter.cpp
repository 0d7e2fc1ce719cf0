#include "nas/hardware/table_meter.hpp"

#include <fmt/core.h>

#include "nas/core/error.hpp"
#include "nas/hardware/latency_table.hpp"

namespace nas {
namespace {

class TableMeter final : public NetworkMeter {
 public:
  explicit TableMeter(LatencyTable table) : table_(std::move(table)) {}

  Outcome measure(const NetworkPlan& plan, const Shape& input) override {
    try {
      return Score{{{"latency", table_.predict(plan, input)}}, std::nullopt};
    } catch (const InputError& error) {
      return Failure{"error", error.what()};
    }
  }

  bool repeatable() const override { return true; }

 private:
  LatencyTable table_;
};

}  // namespace

std::unique_ptr<NetworkMeter> make_table_meter(const HardwareConfig& config) {
  LatencyTable table = read_latency_table(config.table);
  if (table.batch_size != config.batch_size) {
    throw InputError(
        fmt::format("{}: found a table of batch size {}, expected {} as "
                    "hardware.batch_size says",
                    config.table, table.batch_size, config.batch_size));
  }
  return std::make_unique<TableMeter>(std::move(table));
}

}  // namespace nas
