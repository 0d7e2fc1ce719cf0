static void max_pool(const float *in, shape from, float *out, shape to, window w) {
  for (int y = 0; y < to.height; ++y) {
    for (int x = 0; x < to.width; ++x) {
      for (int c = 0; c < to.channels; ++c) {
        int seen = 0;
        float largest = 0.0f;
        for (int ky = 0; ky < w.height; ++ky) {
          const int iy = y * w.stride - w.pad_y + ky;
          if (iy < 0 || iy >= from.height) continue;
          for (int kx = 0; kx < w.width; ++kx) {
            const int ix = x * w.stride - w.pad_x + kx;
            if (ix < 0 || ix >= from.width) continue;
            const float value = in[(iy * from.width + ix) * from.channels + c];
            if (!seen || value > largest) largest = value;
            seen = 1;
          }
        }
        out[(y * to.width + x) * to.channels + c] = largest;
      }
    }
  }
}
