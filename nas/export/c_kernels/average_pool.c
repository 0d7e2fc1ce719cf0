/* Padding is left out of the mean. */
static void average_pool(const float *in, shape from, float *out, shape to, window w) {
  for (int y = 0; y < to.height; ++y) {
    for (int x = 0; x < to.width; ++x) {
      for (int c = 0; c < to.channels; ++c) {
        int count = 0;
        float sum = 0.0f;
        for (int ky = 0; ky < w.height; ++ky) {
          const int iy = y * w.stride - w.pad_y + ky;
          if (iy < 0 || iy >= from.height) continue;
          for (int kx = 0; kx < w.width; ++kx) {
            const int ix = x * w.stride - w.pad_x + kx;
            if (ix < 0 || ix >= from.width) continue;
            sum += in[(iy * from.width + ix) * from.channels + c];
            ++count;
          }
        }
        out[(y * to.width + x) * to.channels + c] = sum / (float)count;
      }
    }
  }
}
