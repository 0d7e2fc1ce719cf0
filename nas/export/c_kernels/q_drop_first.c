/* Without the first row and column. */
static void q_drop_first(const int8_t *in, shape from, int8_t *out) {
  for (int y = 1; y < from.height; ++y) {
    for (int i = from.channels; i < from.width * from.channels; ++i) {
      *out++ = in[y * from.width * from.channels + i];
    }
  }
}
