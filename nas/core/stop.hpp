#pragma once

#include <vector>

namespace nas {

/// From now on SIGINT, SIGTERM and `extra_signal` (0: none; SIGUSR2 by default) set a flag instead
/// of ending the process. A second SIGINT ends it at once.
void install_stop_signals(int extra_signal);

/// True once a stop signal came: save the state and throw Interrupted.
bool stop_requested() noexcept;

/// Sets the flag without a signal (a worker told to stop by its parent).
void request_stop() noexcept;

/// "USR2", "SIGUSR2" or "12" -> number; 0 for "none". Throws UsageError for anything else.
int signal_number(const char* name);

}  // namespace nas
