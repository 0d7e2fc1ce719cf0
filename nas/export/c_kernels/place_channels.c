/* Copies a map into channels first, first + 1, ... of one that has `channels`. */
static void place_channels(const float *in, shape from, float *out, int channels, int first) {
  const int positions = from.height * from.width;
  for (int p = 0; p < positions; ++p) {
    for (int c = 0; c < from.channels; ++c) {
      out[p * channels + first + c] = in[p * from.channels + c];
    }
  }
}
