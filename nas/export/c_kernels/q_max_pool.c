static void q_max_pool(const int8_t *in, shape from, int8_t *out, shape to, window w) {
  for (int y = 0; y < to.height; ++y) {
    for (int x = 0; x < to.width; ++x) {
      for (int c = 0; c < to.channels; ++c) {
        int8_t largest = -128;
        for (int ky = 0; ky < w.height; ++ky) {
          const int iy = y * w.stride - w.pad_y + ky;
          if (iy < 0 || iy >= from.height) continue;
          for (int kx = 0; kx < w.width; ++kx) {
            const int ix = x * w.stride - w.pad_x + kx;
            if (ix < 0 || ix >= from.width) continue;
            const int8_t value = in[(iy * from.width + ix) * from.channels + c];
            if (value > largest) largest = value;
          }
        }
        out[(y * to.width + x) * to.channels + c] = largest;
      }
    }
  }
}
