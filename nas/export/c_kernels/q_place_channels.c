/* Puts a map, through a table, into channels first, first + 1, ... of one that has `channels`. */
static void q_place_channels(const int8_t *in, shape from, int8_t *out, int channels, int first,
                             const int8_t *table) {
  const int positions = from.height * from.width;
  for (int p = 0; p < positions; ++p) {
    for (int c = 0; c < from.channels; ++c) {
      out[p * channels + first + c] = table[in[p * from.channels + c] + 128];
    }
  }
}
