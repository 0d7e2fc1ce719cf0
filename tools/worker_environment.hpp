#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace nas {

/// Names and values, as Subprocess takes them.
using Environment = std::vector<std::pair<std::string, std::string>>;

/// By which glibc (2.35 or newer) asks for huge pages for the heap of a process that starts with
/// it, and keeps what is freed for what comes next instead of having the system clear new memory at
/// each step: on CPUs a training's step takes up to a tenth less time. What the environment says
/// already stays.
std::pair<std::string, std::string> heap_variable();

/// What a worker of nas starts with that computes with so many threads.
Environment worker_environment(int64_t threads);
/// The same for one of nas-tensor.
Environment tensor_worker_environment(int64_t threads);

}  // namespace nas
