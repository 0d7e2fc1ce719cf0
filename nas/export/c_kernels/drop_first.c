/* Leaves out the first row and column. */
static void drop_first(const float *in, shape from, float *out) {
  for (int y = 1; y < from.height; ++y) {
    const float *row = in + (y * from.width + 1) * from.channels;
    const int count = (from.width - 1) * from.channels;
    for (int i = 0; i < count; ++i) *out++ = row[i];
  }
}
