#pragma once

#include <memory>
#include <string>

namespace nas {

class ServedRuns;

struct ServerAddress {
  std::string host = "127.0.0.1";
  int port = 0;  // 0: any that is free
};

/// Serves the reports of runs over HTTP: fixed routes, GET alone, no file of the disk by its name.
class ReportServer {
 public:
  /// `runs` outlives it. Throws RunError where the address is taken or none of this machine.
  ReportServer(ServedRuns& runs, const ServerAddress& address);
  ~ReportServer();

  int port() const;
  /// Answers until a stop signal came (nas/core/stop.hpp).
  void serve();

 private:
  class Routes;
  std::unique_ptr<Routes> routes_;
};

}  // namespace nas
