#include "tools/report_server.hpp"

#include <fmt/core.h>
#include <httplib.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <thread>

#include "nas/core/error.hpp"
#include "nas/core/stop.hpp"
#include "tools/local_host.hpp"
#include "tools/served_runs.hpp"

namespace nas {
namespace {

constexpr auto kBetweenLooks = std::chrono::milliseconds(50);
constexpr time_t kKeepAlive = 1;  // seconds; a stop waits for connections that long
constexpr const char* kHtml = "text/html; charset=utf-8";
constexpr const char* kJson = "application/json";

/// A page is one file: nothing is loaded from elsewhere, and nothing goes anywhere else.
const httplib::Headers kPolicy{
    {"Content-Security-Policy",
     "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: "
     "blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "no-referrer"},
    {"Cache-Control", "no-store"}};

/// 0 where it is none.
size_t number_in(const std::string& text) { return std::strtoul(text.c_str(), nullptr, 10); }

void say(httplib::Response& response, int status, const std::string& text) {
  response.status = status;
  response.set_content(text + "\n", "text/plain; charset=utf-8");
}

}  // namespace

class ReportServer::Routes {
 public:
  Routes(ServedRuns& runs, const ServerAddress& address) : runs_(runs), host_(address.host) {
    server_.set_keep_alive_timeout(kKeepAlive);
    server_.set_tcp_nodelay(true);
    server_.set_payload_max_length(0);
    // The library's own choice lets a second server take a port that another one serves.
    server_.set_socket_options([](socket_t socket) {
      const int yes = 1;
      ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    });
    server_.set_default_headers(kPolicy);
    guard();
    add_routes();
    port_ = address.port == 0                           ? server_.bind_to_any_port(host_)
            : server_.bind_to_port(host_, address.port) ? address.port
                                                        : -1;
    if (port_ < 0) {
      throw RunError(fmt::format("{}:{}: cannot listen there; is another program using the port?",
                                 host_, address.port));
    }
  }

  int port() const { return port_; }

  void serve() {
    std::atomic<bool> ended = false;
    std::thread stopper([&] {
      while (!stop_requested() && !ended) std::this_thread::sleep_for(kBetweenLooks);
      // A stop that comes before the server listens would be lost.
      while (!server_.is_running() && !ended) std::this_thread::sleep_for(kBetweenLooks);
      server_.stop();
    });
    server_.listen_after_bind();
    ended = true;
    stopper.join();
  }

 private:
  void guard() {
    server_.set_pre_routing_handler([this](const auto& request, auto& response) {
      if (!names_this_server(request.get_header_value("Host"), host_)) {
        say(response, 403, "this name is not the server's; open it by its address");
        return httplib::Server::HandlerResponse::Handled;
      }
      if (request.method != "GET" && request.method != "HEAD") {
        say(response, 405, "only GET");
        return httplib::Server::HandlerResponse::Handled;
      }
      return httplib::Server::HandlerResponse::Unhandled;
    });
    server_.set_exception_handler(
        [](const auto&, auto& response, const std::exception_ptr& thrown) {
          say(response, 500, reason_of(thrown));
        });
  }

  static std::string reason_of(const std::exception_ptr& thrown) {
    try {
      std::rethrow_exception(thrown);
    } catch (const std::exception& error) {
      return error.what();
    }
  }

  void add_routes() {
    server_.Get("/", [this](const auto&, auto& response) {
      if (runs_.size() == 1) return response.set_redirect(ServedRuns::path_of(0));
      response.set_content(runs_.comparison_page(), kHtml);
    });
    server_.Get("/runs.json", [this](const auto&, auto& response) {
      response.set_content(runs_.comparison_json(), kJson);
    });
    server_.Get(R"(/runs/(\d{1,6})/)", [this](const auto& request, auto& response) {
      with_run(request, response,
               [&](size_t place) { response.set_content(runs_.report(place), kHtml); });
    });
    server_.Get(R"(/runs/(\d{1,6})/news\.json)", [this](const auto& request, auto& response) {
      with_run(request, response, [&](size_t place) {
        const auto news = runs_.news(place, request.get_param_value("have"),
                                     number_in(request.get_param_value("kept")));
        if (!news) {
          response.status = 204;
          return;
        }
        response.set_content(*news, kJson);
      });
    });
  }

  template <class Answer>
  void with_run(const httplib::Request& request, httplib::Response& response, Answer answer) {
    const size_t place = number_in(request.matches[1].str());
    if (place >= runs_.size()) return say(response, 404, "no such run");
    answer(place);
  }

  ServedRuns& runs_;
  std::string host_;
  int port_ = -1;
  httplib::Server server_;
};

ReportServer::ReportServer(ServedRuns& runs, const ServerAddress& address)
    : routes_(std::make_unique<Routes>(runs, address)) {}

ReportServer::~ReportServer() = default;

int ReportServer::port() const { return routes_->port(); }

void ReportServer::serve() { routes_->serve(); }

}  // namespace nas
