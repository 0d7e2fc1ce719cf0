#pragma once

#include "nas/core/json_fwd.hpp"
#include "nas/data/dataset.hpp"

namespace nas {

struct BenchRequest;
struct Program;

/// One step of a training of a random point of a space, on noise.
Json bench_train_step(const BenchRequest& request, const Program& program);
/// One epoch of such a training with its scoring, on noise.
Json bench_epoch(const BenchRequest& request, const Program& program);
/// The operations of a mixed edge by our kernels and by LibTorch's layers, forward and backward,
/// beside what the machine's measured peaks allow.
Json bench_kernels(const BenchRequest& request, const Program& program);
/// One step of a differentiable search over a space's supernet, on noise.
Json bench_supernet_step(const BenchRequest& request, const Program& program);
/// Measures every layer that a configuration's space can produce; writes the table to
/// request.target.
Json bench_latency_table(const BenchRequest& request, const Program& program);

/// Noise in the place of pictures, on the device.
TrainingData noise(const TaskShape& task, int64_t examples, torch::Device device);

/// The most bytes so far: of the device's allocator or, on the CPU, of this process.
int64_t peak_memory_of(torch::Device device);

}  // namespace nas
