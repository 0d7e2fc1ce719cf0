#include "nas/core/secret.hpp"

#include "tests/support/catch.hpp"

namespace nas {
namespace {

TEST_CASE("Passwords in addresses are hidden") {
  CHECK(without_password("store.url=postgresql://me:s3@cret@db:5433/nas") ==
        "store.url=postgresql://me:***@db:5433/nas");
  CHECK(without_password("postgresql://db/nas?password=s3cret&port=1") ==
        "postgresql://db/nas?password=***&port=1");
  CHECK(without_password("postgresql://me@db:5/nas?%70assword=s3cret&port=1") ==
        "postgresql://me@db:5/nas?%70assword=***&port=1");
  CHECK(without_password("postgresql://db/nas?port=1&sslpass%77ord=s3 cret") ==
        "postgresql://db/nas?port=1&sslpass%77ord=***");
  CHECK(without_password("postgresql://my self:s3 cret@db/nas") ==
        "postgresql://my self:***@db/nas");
  CHECK(without_password("host=db password = s3cret") == "host=db password =***");
  CHECK(without_password("postgresql://me@db:5433/nas") == "postgresql://me@db:5433/nas");
  CHECK(without_password("lr=0.1") == "lr=0.1");
  CHECK(without_password("a?b=1&PassWord=x&c=2&d%5F=y=z&e=3") ==
        "a?b=1&PassWord=***&c=2&d%5F=***&e=3");
  CHECK(without_password("x://a/b:c@d") == "x://a/b:c@d");
}

TEST_CASE("Texts in which passwords are hidden may be long") {
  const std::string much(200'000, 'x');
  CHECK(without_password("note=?" + much) == "note=?" + much);
  CHECK(without_password("note=a://b:" + much) == "note=a://b:" + much);
  CHECK(without_password("note=a://b:" + much + "@c") == "note=a://b:***@c");
}

}  // namespace
}  // namespace nas
