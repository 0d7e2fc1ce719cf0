#include "nas/core/secret.hpp"

#include "tests/support/catch.hpp"

namespace nas {
namespace {

TEST_CASE("Passwords in addresses are hidden") {
  CHECK(without_password("store.url=postgresql://me:s3@cret@db:5433/nas") ==
        "store.url=postgresql://me:***@db:5433/nas");
  CHECK(without_password("postgresql://db/nas?password=s3cret&port=1") ==
        "postgresql://db/nas?password=***&port=1");
  CHECK(without_password("postgresql://me@db:5433/nas") == "postgresql://me@db:5433/nas");
  CHECK(without_password("lr=0.1") == "lr=0.1");
}

}  // namespace
}  // namespace nas
