#include "controllers/policy_tensor.hpp"

#include <algorithm>
#include <string>

#include "controllers/reinforce.hpp"
#include "nas/core/error.hpp"
#include "nas/torch/torch.hpp"

namespace nas {
namespace {

constexpr int64_t kMostValues = 64;
/// Uniform between minus this and this, as published.
constexpr double kInitialBound = 0.08;

int64_t checked_cardinality(const Choice& choice) {
  const std::string known = "expected a categorical choice or an integer of at most " +
                            std::to_string(kMostValues) + " values";
  if (std::holds_alternative<RealInterval>(choice.domain)) {
    throw UsageError("policy: choice '" + choice.name + "': found a real number, " + known);
  }
  const int64_t count = cardinality(choice);
  const bool integer = std::holds_alternative<IntegerInterval>(choice.domain);
  if (integer && count > kMostValues) {
    throw UsageError("policy: choice '" + choice.name + "': found " + std::to_string(count) +
                     " values, " + known);
  }
  return count;
}

/// An option drawn from the softmax of `logits` [1, options].
int64_t draw(const torch::Tensor& logits, RandomStream& random) {
  const torch::Tensor shares = at::softmax(logits, 1, torch::kDouble);
  const double* probability = shares.const_data_ptr<double>();
  double left = random.uniform();
  const int64_t last = shares.numel() - 1;
  for (int64_t option = 0; option < last; ++option) {
    left -= probability[option];
    if (left < 0) return option;
  }
  return last;
}

}  // namespace

PolicySetting policy_setting(const ReinforceOptions& options, uint64_t seed) {
  return {options.hidden, options.embedding, seed, options.temperature, options.tanh_constant};
}

LstmPolicy::LstmPolicy(const Choices& choices, const PolicySetting& setting)
    : choices_(choices),
      hidden_(setting.hidden),
      temperature_(setting.temperature),
      tanh_constant_(setting.tanh_constant) {
  int64_t tokens = 1;
  for (const Choice& choice : choices_) {
    cardinalities_.push_back(checked_cardinality(choice));
    first_token_.push_back(tokens);
    tokens += cardinalities_.back();
  }
  const at::Generator generator = at::detail::createCPUGenerator(setting.seed);
  const int64_t gates = 4 * hidden_;
  tokens_ = make("tokens", {tokens, setting.embedding}, generator);
  positions_ =
      make("positions", {static_cast<int64_t>(choices_.size()), setting.embedding}, generator);
  lstm_ = {make("lstm.weight_ih", {gates, setting.embedding}, generator),
           make("lstm.weight_hh", {gates, hidden_}, generator),
           make("lstm.bias_ih", {gates}, generator), make("lstm.bias_hh", {gates}, generator)};
  for (const int64_t count : cardinalities_) {
    if (heads_.contains(count)) continue;
    const std::string name = "heads." + std::to_string(count);
    const torch::Tensor weight = make(name + ".weight", {count, hidden_}, generator);
    heads_[count] = {weight, make(name + ".bias", {count}, generator)};
  }
}

torch::Tensor LstmPolicy::make(const std::string& name, std::vector<int64_t> shape,
                               const at::Generator& generator) {
  torch::Tensor tensor = torch::empty(shape);
  tensor.uniform_(-kInitialBound, kInitialBound, generator);
  tensor.requires_grad_();
  parameters_.emplace_back(name, tensor);
  return tensor;
}

torch::Tensor LstmPolicy::logits(int64_t count, const torch::Tensor& hidden) const {
  const Head& head = heads_.at(count);
  torch::Tensor logits = at::linear(hidden, head.weight, head.bias);
  if (temperature_ != 1) logits = logits / temperature_;
  return tanh_constant_ == 0 ? logits : tanh_constant_ * logits.tanh();
}

int64_t LstmPolicy::option_of(size_t choice, const Value& value) const {
  const auto* domain = std::get_if<IntegerInterval>(&choices_[choice].domain);
  return std::get<int64_t>(value) - (domain != nullptr ? domain->low : 0);
}

Value LstmPolicy::value_of(size_t choice, int64_t option) const {
  const auto* domain = std::get_if<IntegerInterval>(&choices_[choice].domain);
  return option + (domain != nullptr ? domain->low : 0);
}

Point LstmPolicy::sample(RandomStream& random) const {
  const torch::NoGradGuard no_grad;
  Point point;
  point.values.resize(choices_.size());
  torch::Tensor hidden = torch::zeros({1, hidden_});
  torch::Tensor cell = torch::zeros({1, hidden_});
  int64_t token = 0;
  for (size_t i = 0; i < choices_.size(); ++i) {
    if (!is_active(choices_[i], point.values)) continue;
    const auto position = static_cast<int64_t>(i);
    const torch::Tensor input = tokens_.narrow(0, token, 1) + positions_.narrow(0, position, 1);
    std::tie(hidden, cell) =
        at::lstm_cell(input, {hidden, cell}, lstm_[0], lstm_[1], lstm_[2], lstm_[3]);
    const int64_t option = draw(logits(cardinalities_[i], hidden), random);
    point.values[i] = value_of(i, option);
    token = first_token_[i] + option;
  }
  return point;
}

LstmPolicy::Sequences LstmPolicy::sequences(std::span<const Point> group) const {
  const auto points = static_cast<int64_t>(group.size());
  const auto most = static_cast<int64_t>(choices_.size());
  Sequences sequences;
  sequences.tokens = torch::zeros({most, points}, torch::kInt64);
  sequences.choices = torch::zeros({most, points}, torch::kInt64);
  auto tokens = sequences.tokens.accessor<int64_t, 2>();
  auto positions = sequences.choices.accessor<int64_t, 2>();
  for (int64_t point = 0; point < points; ++point) {
    const std::vector<Value>& values = group[static_cast<size_t>(point)].values;
    int64_t step = 0;
    int64_t token = 0;
    for (size_t i = 0; i < choices_.size(); ++i) {
      if (std::holds_alternative<std::monostate>(values[i])) continue;
      const int64_t option = option_of(i, values[i]);
      tokens[step][point] = token;
      positions[step][point] = static_cast<int64_t>(i);
      auto& targets = sequences.by_cardinality[cardinalities_[i]];
      targets.positions.push_back(step * points + point);
      targets.options.push_back(option);
      targets.points.push_back(point);
      token = first_token_[i] + option;
      ++step;
    }
  }
  return sequences;
}

Likelihood LstmPolicy::likelihood(std::span<const Point> group) const {
  const Sequences all = sequences(group);
  const auto points = static_cast<int64_t>(group.size());
  const torch::Tensor input =
      at::embedding(tokens_, all.tokens) + at::embedding(positions_, all.choices);
  const torch::Tensor start = torch::zeros({1, points, hidden_});
  const torch::Tensor states =
      std::get<0>(at::lstm(input, {start, start}, lstm_, /*has_biases=*/true, /*num_layers=*/1,
                           /*dropout=*/0, /*train=*/true, /*bidirectional=*/false,
                           /*batch_first=*/false))
          .reshape({-1, hidden_});
  Likelihood sums{torch::zeros({points}), torch::zeros({points})};
  for (const auto& [count, targets] : all.by_cardinality) {
    const torch::Tensor rows = states.index_select(0, torch::tensor(targets.positions));
    const torch::Tensor logs = at::log_softmax(logits(count, rows), 1);
    const torch::Tensor chosen =
        logs.gather(1, torch::tensor(targets.options).unsqueeze(1)).squeeze(1);
    const torch::Tensor of_point = torch::tensor(targets.points);
    sums.log_probabilities = sums.log_probabilities.index_add(0, of_point, chosen);
    sums.entropies = sums.entropies.index_add(0, of_point, -(logs.exp() * logs).sum(1));
  }
  return sums;
}

torch::Tensor LstmPolicy::loss(std::span<const Experience> experience,
                               double entropy_weight) const {
  std::vector<Point> points;
  std::vector<double> advantages;
  points.reserve(experience.size());
  advantages.reserve(experience.size());
  for (const auto& [point, advantage] : experience) {
    points.push_back(point);
    advantages.push_back(advantage);
  }
  const Likelihood all = likelihood(points);
  return -(all.log_probabilities * torch::tensor(advantages, torch::kFloat) +
           entropy_weight * all.entropies)
              .mean();
}

}  // namespace nas
