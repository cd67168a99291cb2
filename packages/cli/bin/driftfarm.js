#!/usr/bin/env node
import '../dist/driftfarm.js'
