#pragma once

#include <archive.h>
#include <archive_entry.h>
#include <png.h>
#include <stdlib.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>
// jpeglib.h uses what stdio.h declares.
#include <jpeglib.h>

namespace nas::test {

/// A folder of its own that goes away with the object.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "nas-data-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

  void write(const std::string& name, const std::string& bytes) const {
    std::filesystem::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << bytes;
  }

 private:
  std::filesystem::path path_;
};

using Files = std::vector<std::pair<std::string, std::string>>;

inline void write_tar(const std::filesystem::path& path, const Files& files) {
  ::archive* writer = archive_write_new();
  if (path.extension() == ".gz") archive_write_add_filter_gzip(writer);
  archive_write_set_format_ustar(writer);
  archive_write_open_filename(writer, path.c_str());
  for (const auto& [name, bytes] : files) {
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, name.c_str());
    archive_entry_set_size(entry, static_cast<la_int64_t>(bytes.size()));
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    archive_write_header(writer, entry);
    archive_write_data(writer, bytes.data(), bytes.size());
    archive_entry_free(entry);
  }
  archive_write_close(writer);
  archive_write_free(writer);
}

/// A PNG of `pixels` [H, W, C]; C 1 grey, 3 RGB, 4 RGB with alpha.
inline std::string png_of(const std::vector<uint8_t>& pixels, unsigned height, unsigned width,
                          unsigned channels) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.height = height;
  image.width = width;
  image.format = channels == 1   ? unsigned{PNG_FORMAT_GRAY}
                 : channels == 3 ? unsigned{PNG_FORMAT_RGB}
                                 : unsigned{PNG_FORMAT_RGBA};
  png_alloc_size_t size = 0;
  png_image_write_to_memory(&image, nullptr, &size, 0, pixels.data(), 0, nullptr);
  std::string bytes(size, '\0');
  png_image_write_to_memory(&image, bytes.data(), &size, 0, pixels.data(), 0, nullptr);
  bytes.resize(size);
  return bytes;
}

struct JpegForm {
  std::vector<jpeg_scan_info> scans = {};  // of a progressive one
  J_COLOR_SPACE stored = JCS_UNKNOWN;      // the usual one
};

/// A JPEG of `pixels` [H, W, C]; C 1 grey, 3 RGB, 4 inks.
inline std::string jpeg_of(std::vector<uint8_t> pixels, unsigned height, unsigned width,
                           int channels, const JpegForm& form = {}) {
  jpeg_compress_struct info{};
  jpeg_error_mgr errors{};
  info.err = jpeg_std_error(&errors);
  jpeg_create_compress(&info);
  unsigned char* buffer = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&info, &buffer, &size);
  info.image_height = height;
  info.image_width = width;
  info.input_components = channels;
  info.in_color_space = channels == 1 ? JCS_GRAYSCALE : channels == 3 ? JCS_RGB : JCS_CMYK;
  jpeg_set_defaults(&info);
  if (form.stored != JCS_UNKNOWN) jpeg_set_colorspace(&info, form.stored);
  jpeg_set_quality(&info, 100, TRUE);
  info.num_scans = static_cast<int>(form.scans.size());
  info.scan_info = form.scans.empty() ? nullptr : form.scans.data();
  jpeg_start_compress(&info, TRUE);
  while (info.next_scanline < height) {
    JSAMPROW row = pixels.data() + info.next_scanline * width * static_cast<unsigned>(channels);
    jpeg_write_scanlines(&info, &row, 1);
  }
  jpeg_finish_compress(&info);
  std::string bytes(reinterpret_cast<char*>(buffer), size);
  jpeg_destroy_compress(&info);
  free(buffer);
  return bytes;
}

/// A PNG of one colour.
inline std::string plain_png(uint8_t value, unsigned side, unsigned channels = 3) {
  return png_of(std::vector<uint8_t>(side * side * channels, value), side, side, channels);
}

}  // namespace nas::test
