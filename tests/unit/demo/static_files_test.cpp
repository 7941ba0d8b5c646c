#include "web/static_files.hpp"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

namespace flowcast::demo {
namespace {

class the_static_files : public testing::Test {
 protected:
  the_static_files() {
    std::filesystem::create_directories(folder_ / "inside");
    write("inside/page.mjs", "export {}");
    write("secret.js", "secret");
    files_.mount("/widgets/", folder_ / "inside");
  }
  ~the_static_files() override { std::filesystem::remove_all(folder_); }
  the_static_files(const the_static_files&) = delete;
  the_static_files& operator=(const the_static_files&) = delete;

  void write(const char* name, const char* content) { std::ofstream(folder_ / name) << content; }

  std::filesystem::path folder_ =
      std::filesystem::path(testing::TempDir()) / "flowcast_static_files";
  static_files files_;
};

TEST_F(the_static_files, are_found_at_their_prefix_with_their_type) {
  const auto found = files_.read("/widgets/page.mjs");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->content, "export {}");
  EXPECT_EQ(found->content_type, "text/javascript; charset=utf-8");
}

TEST_F(the_static_files, never_lead_out_of_their_directory) {
  const std::string absolute = "/widgets/" + (folder_ / "secret.js").string();
  for (const std::string& path :
       {std::string("/widgets/../secret.js"), absolute, std::string("/widgets/x/../../secret.js"),
        std::string("/widgets/..\\secret.js"), std::string("/widgets/"), std::string("/widgets"),
        std::string("/other/page.mjs")}) {
    EXPECT_FALSE(files_.read(path)) << path;
  }
}

}  // namespace
}  // namespace flowcast::demo
