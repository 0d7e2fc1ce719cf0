#include "tools/bench/table.hpp"

namespace nas {

std::vector<BenchRow> bench_table(const TensorBenchmarks& tensor) {
  return {
      {"controller", "ask and tell of each black-box searcher", bench_controller},
      {"cooling", "steps of a data hall, and what each controller takes to cool it", bench_cooling},
      {"hpo", "what searchers find of functions with a known minimum", bench_hpo},
      {"packing", "candidates trained at once, on one GPU or a CPU's cores", bench_packing},
      {"store", "trials written to SQLite in a folder of its own", bench_store},
      {"train_step", "one training step of a random architecture", tensor.train_step},
      {"epoch", "one epoch of a training with its scoring", tensor.epoch},
      {"kernels", "each kernel beside LibTorch's layers and the machine's peak", tensor.kernels},
      {"supernet_step", "one step of a differentiable search", tensor.supernet_step},
      {"latency-table", "seconds of every layer that a configuration's space can produce",
       tensor.latency_table}};
}

}  // namespace nas
