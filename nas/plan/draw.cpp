#include "nas/plan/draw.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string_view>
#include <vector>

#include "nas/core/json.hpp"

namespace nas {
namespace {

constexpr double kColumn = 210;  // pixels between two nodes
constexpr double kMargin = 60;
constexpr double kBoxWidth = 64;
constexpr double kBoxHeight = 30;
constexpr double kRise = 40;  // of a curve over one more column

struct Edge {
  size_t from;
  size_t to;
  std::string label;
};

/// Nodes stand in one row in their own order; an edge over k columns is an arc, above and below in
/// turn, so that labels have room.
class Drawing {
 public:
  explicit Drawing(const Json& cell) : name_(cell["name"].get<std::string>()) {
    for (const auto& node : cell["nodes"]) nodes_.push_back(node.get<std::string>());
    for (const auto& edge : cell["edges"]) {
      edges_.push_back(
          {edge["from"].get<size_t>(), edge["to"].get<size_t>(), edge["label"].get<std::string>()});
    }
    place_arcs();
  }

  std::string svg() const {
    const double width = 2 * kMargin + kColumn * static_cast<double>(nodes_.size() - 1);
    std::string body;
    for (size_t i = 0; i < edges_.size(); ++i) body += arc(i);
    for (size_t i = 0; i < edges_.size(); ++i) body += label(i);
    for (size_t i = 0; i < nodes_.size(); ++i) body += box(i);
    return fmt::format(
        "<svg class=\"cell\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 {:.0f} {:.0f} "
        "{:.0f}\" "
        "role=\"img\" aria-label=\"{}\" font-family=\"system-ui, sans-serif\" font-size=\"13\">"
        "<title>{}</title>{}</svg>\n",
        -top_, width, top_ + bottom_, escape_markup(name_), escape_markup(name_), body);
  }

 private:
  double x(size_t node) const { return kMargin + kColumn * static_cast<double>(node); }

  /// Longer edges rise higher; equal ones go to both sides, then further out.
  void place_arcs() {
    std::map<std::pair<size_t, size_t>, int> used;
    std::map<size_t, int> by_length;
    for (const auto& edge : edges_) {
      const size_t length = edge.to - edge.from;
      const int twin = used[{edge.from, edge.to}]++;
      double height = 0;
      if (length > 1 || twin > 0) {
        const int turn = by_length[length]++;
        const double reach = kRise * (static_cast<double>(length) + std::floor(turn / 2.0) + twin);
        height = turn % 2 == 0 ? -reach : reach;
      }
      heights_.push_back(height);
      top_ = std::max(top_, -height + 30);
      bottom_ = std::max(bottom_, height + 30);
    }
  }

  std::string box(size_t i) const {
    return fmt::format(
        "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.0f}\" height=\"{:.0f}\" rx=\"7\" fill=\"none\" "
        "stroke=\"currentColor\"/><text x=\"{:.1f}\" y=\"5\" text-anchor=\"middle\" "
        "fill=\"currentColor\">{}</text>",
        x(i) - kBoxWidth / 2, -kBoxHeight / 2, kBoxWidth, kBoxHeight, x(i),
        escape_markup(nodes_[i]));
  }

  std::string arc(size_t i) const {
    const Edge& edge = edges_[i];
    const double a = x(edge.from) + kBoxWidth / 2;
    const double b = x(edge.to) - kBoxWidth / 2;
    const double middle = (a + b) / 2;
    const double height = heights_[i];
    const double bend = std::min((b - a) / 3, 70.0);
    const auto colour = operation_colour(edge.label);
    return fmt::format(
        "<path d=\"M{:.1f} 0 C{:.1f} 0 {:.1f} {:.1f} {:.1f} {:.1f} S{:.1f} 0 {:.1f} 0\" "
        "fill=\"none\" "
        "stroke=\"{}\" stroke-width=\"2\"/><path d=\"M{:.1f} 0 l-7 -4 v8 z\" fill=\"{}\"/>",
        a, a + bend / 2, middle - bend, height, middle, height, b - bend / 2, b, colour, b, colour);
  }

  /// With a halo in the page's colour, so that a curve behind does not cut the letters.
  std::string label(size_t i) const {
    const Edge& edge = edges_[i];
    const double middle = (x(edge.from) + x(edge.to)) / 2;
    const double y = heights_[i] > 0 ? heights_[i] + 17 : heights_[i] - 7;
    return fmt::format(
        "<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\" fill=\"{}\" "
        "style=\"paint-order:stroke;stroke:Canvas;stroke-width:5px\">{}</text>",
        middle, y, operation_colour(edge.label), escape_markup(edge.label));
  }

  std::string name_;
  std::vector<std::string> nodes_;
  std::vector<Edge> edges_;
  std::vector<double> heights_;
  double top_ = 50;
  double bottom_ = 40;
};

}  // namespace

// By kind of operation; colours that differ also for the colour-blind (Okabe & Ito).
std::string_view operation_colour(std::string_view label) {
  if (label.find("sep_conv") != label.npos) return "#0072b2";
  if (label.find("dil_conv") != label.npos) return "#56b4e9";
  if (label.find("1x1") != label.npos) return "#cc79a7";
  if (label.find("conv") != label.npos) return "#009e73";
  if (label.find("pool") != label.npos) return "#d55e00";
  if (label.find("skip") != label.npos) return "#999999";
  return "currentColor";
}

std::string draw_cell_svg(const Json& cell) { return Drawing(cell).svg(); }

std::string escape_markup(const std::string& text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

}  // namespace nas
