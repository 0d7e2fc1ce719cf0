#include "nas/train/failures.hpp"

#include <new>
#include <string>

#include "nas/core/error.hpp"
#include "nas/torch/torch.hpp"

namespace nas {
namespace {

/// LibTorch's allocator on the CPU reports lack of memory as a plain error.
bool tells_of_memory(const std::string& message) {
  return message.find("can't allocate memory") != std::string::npos ||
         message.find("ALLOC_FAILED") != std::string::npos;
}

std::string first_line(const std::string& message) { return message.substr(0, message.find('\n')); }

}  // namespace

Outcome with_failures(const std::function<Outcome()>& evaluate) {
  try {
    return evaluate();
  } catch (const c10::OutOfMemoryError& error) {
    return Failure{"oom", first_line(error.what_without_backtrace())};
  } catch (const std::bad_alloc& error) {
    return Failure{"oom", error.what()};
  } catch (const c10::AcceleratorError& error) {
    throw RunError(first_line(error.what_without_backtrace()));
  } catch (const c10::Error& error) {
    const std::string message = first_line(error.what_without_backtrace());
    return Failure{tells_of_memory(message) ? "oom" : "error", message};
  }
}

}  // namespace nas
