/* rows [to height][from height], columns [to width][from width] */
static void resize(const float *in, shape from, float *out, shape to, const float *rows,
                   const float *columns) {
  for (int y = 0; y < to.height; ++y) {
    for (int x = 0; x < to.width; ++x) {
      float *sums = out + (y * to.width + x) * to.channels;
      for (int c = 0; c < to.channels; ++c) sums[c] = 0.0f;
      for (int iy = 0; iy < from.height; ++iy) {
        for (int ix = 0; ix < from.width; ++ix) {
          const float weight = rows[y * from.height + iy] * columns[x * from.width + ix];
          if (weight == 0.0f) continue;
          const float *values = in + (iy * from.width + ix) * from.channels;
          for (int c = 0; c < to.channels; ++c) sums[c] += weight * values[c];
        }
      }
    }
  }
}
