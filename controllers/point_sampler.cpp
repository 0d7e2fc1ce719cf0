#include "controllers/point_sampler.hpp"

#include "nas/core/random.hpp"
#include "nas/search/sampling.hpp"

namespace nas {
namespace {

class UniformSampler : public PointSampler {
 public:
  explicit UniformSampler(const SearchContext& context) : context_(context) {}

  Point propose(int64_t number) override {
    RandomStream random(context_.seed, "sampler.uniform", static_cast<uint64_t>(number));
    return sample(context_.space.choices(), random);
  }

 private:
  SearchContext context_;
};

}  // namespace

std::unique_ptr<PointSampler> make_uniform_sampler(const SearchContext& context) {
  return std::make_unique<UniformSampler>(context);
}

}  // namespace nas
