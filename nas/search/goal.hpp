#pragma once

namespace nas {

/// Which way a metric is better.
enum class Goal { maximize, minimize };

}  // namespace nas
