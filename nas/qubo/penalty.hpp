#pragma once

#include "nas/qubo/quadratic_model.hpp"

namespace nas {

/// A strength from which on no minimum of the model with add_penalty() breaks its meaning.
///
/// Setting one variable changes the energy of a model without penalty by at most
///   D_i = max(linear_i + sum_j max(0, b_ij), -linear_i - sum_j min(0, b_ij), 0).
/// Of the choices that break the meaning take one that no broken one decides about, so that it has
/// to have one option or none. Where nothing depends on it, setting or unsetting one variable
/// lessens its square by 1 at least, and costs at most its largest D_i; else it and all that depend
/// on it are set to something that keeps the meaning, which costs at most the sum of their D_i. A
/// larger strength makes that pay; the same holds for one of `chosen` variables. The result is 1 %
/// more, and at least 1e-6. The model is binary.
double sufficient_penalty(const QuadraticModel& model);

/// Adds `strength` times the sum of squared distances of sums from what the meaning says:
/// (sum_o x_o - 1)^2 for a choice, (sum_o x_o - sum_e x_e)^2 for one that is enabled by the e, and
/// (sum_i x_i - chosen)^2. The model is binary.
void add_penalty(QuadraticModel& model, double strength);

}  // namespace nas
