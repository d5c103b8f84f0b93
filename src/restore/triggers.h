// --disable-triggers: sessions load as a replica does (session_replication_role), which keeps ordinary triggers and foreign keys
// silent without touching a table. What is made for replicas, or fires always, is switched off meanwhile, and put back as it was.
#pragma once

#include <string>
#include <vector>

#include "model/inventory.h"
#include "pg/connection.h"

namespace pghaul::restore {

class SilentTriggers {
 public:
  // Of the tables that the inventory has rows for.
  SilentTriggers(pg::Connection& connection, const model::Inventory& inventory);
  SilentTriggers(const SilentTriggers&) = delete;
  ~SilentTriggers();    // puts back what put_back() did not; failing is not reported
  void put_back();

 private:
  pg::Connection& connection_;
  std::vector<std::string> put_back_;
};

}  // namespace pghaul::restore
