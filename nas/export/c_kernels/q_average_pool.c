/* Padding is left out of the mean, which is rounded to the nearest, halves away from zero. */
static void q_average_pool(const int8_t *in, shape from, int8_t *out, shape to, window w,
                           int zero) {
  for (int y = 0; y < to.height; ++y) {
    for (int x = 0; x < to.width; ++x) {
      for (int c = 0; c < to.channels; ++c) {
        int count = 0;
        int32_t sum = 0;
        for (int ky = 0; ky < w.height; ++ky) {
          const int iy = y * w.stride - w.pad_y + ky;
          if (iy < 0 || iy >= from.height) continue;
          for (int kx = 0; kx < w.width; ++kx) {
            const int ix = x * w.stride - w.pad_x + kx;
            if (ix < 0 || ix >= from.width) continue;
            sum += in[(iy * from.width + ix) * from.channels + c] - zero;
            ++count;
          }
        }
        sum += sum < 0 ? -(count / 2) : count / 2;
        out[(y * to.width + x) * to.channels + c] = q_saturated(zero + sum / count);
      }
    }
  }
}
