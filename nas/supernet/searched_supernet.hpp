#pragma once

#include "nas/supernet/darts_search.hpp"

namespace nas {

/// The space's supernet, with all options, as deep and with as many channels in its mixed
/// operations as the setting says. Throws UsageError for a space that has no such supernet.
SupernetPlan supernet_plan(const Space& space, const DartsSetting& setting);

/// For a supernet that holds the kept options of `plan`; `input` is the shape of one sample.
SupernetSetting supernet_setting(const DartsSetting& setting, const SupernetPlan& plan,
                                 const Shape& input);

}  // namespace nas
